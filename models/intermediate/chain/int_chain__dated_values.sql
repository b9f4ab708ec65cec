-- What is disclosed for a period, one value a row: the tables of a shape of their own
-- beside the long one.
{%- set tables = [
    ('stg_platform__creators_with_income', no_element(),
     {'creators_with_income': 'creators_wan'}),
    ('stg_platform__creator_tiers', 'tier_id',
     {'tier_creators': 'creators_wan', 'team_share': 'team_share',
      'team_members': 'team_members'}),
    ('stg_platform__institutions', 'institution_type_id',
     {'organisations': 'organisations', 'average_staff': 'average_staff'}),
] %}
with input_values as (

    select * from {{ ref('stg_platform__input_values') }}

),

{% for relation, element, columns in tables %}
    {{ relation }} as (

        select * from {{ ref(relation) }}

    ),
{% endfor %}

final as (

    select
        platform_id,
        scenario_id,
        period_start,
        period_end,
        input_name,
        element_id,
        cast(low as double) as low,
        cast(central as double) as central,
        cast(high as double) as high,
        distribution,
        uncertainty_kind,
        provenance,
        source_id,
        seed,
        seed_line
    from input_values

    {% for relation, element, columns in tables %}
        {% for input_name, column_name in columns.items() %}
            union all

            select
                platform_id,
                cast(null as {{ dbt.type_string() }}) as scenario_id,
                period_start,
                period_end,
                '{{ input_name }}' as input_name,
                {{ element }} as element_id,
                cast(null as double) as low,
                cast({{ column_name }} as double) as central,
                cast(null as double) as high,
                cast(null as {{ dbt.type_string() }}) as distribution,
                cast(null as {{ dbt.type_string() }}) as uncertainty_kind,
                provenance,
                source_id,
                seed,
                seed_line
            from {{ relation }}
        {% endfor %}
    {% endfor %}

)

select * from final
