{#- Two lists of options that can both be taken do not both give an input a value. -#}
{% test options_do_not_collide(model) %}
    with lists as (

        select distinct
            method_id,
            platform_id,
            window_end,
            priority,
            input_name,
            options,
            [split_part(x, '=', 1) for x in options] as decisions
        from {{ model }}
        where len(options) > 0

    )

    select
        one.input_name || ' has two values where ' || array_to_string(one.options, ' ')
        || ' and ' || array_to_string(other.options, ' ')
        || ' are taken: give the options of both to each row' as problem
    from lists as one
    inner join lists as other
        on
            one.input_name = other.input_name
            and one.priority = other.priority
            and one.options < other.options
            and coalesce(one.method_id, other.method_id, '')
            = coalesce(other.method_id, one.method_id, '')
            and coalesce(one.platform_id, other.platform_id, '')
            = coalesce(other.platform_id, one.platform_id, '')
            and (
                one.window_end is null
                or other.window_end is null
                or one.window_end = other.window_end
            )
    where
        len(list_distinct(list_concat(one.options, other.options)))
        = len(list_distinct(list_concat(one.decisions, other.decisions)))
{% endtest %}
