-- As many words in a list as figures of the ledger that it holds.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

findings as (

    select * from {{ ref('aud_method_findings') }}

),

exhibits as (

    select * from {{ ref('exhibits') }}

),

lists as (

    select
        report_id,
        finding_id as owner,
        affected_figure_ids as figure_ids
    from findings

    union all

    select
        report_id,
        exhibit_id as owner,
        disclosed_figure_ids as figure_ids
    from exhibits
    where disclosed_figure_ids is not null

),

counted as (

    select
        lists.owner,
        lists.figure_ids,
        1 + length(lists.figure_ids) - length(replace(lists.figure_ids, ' ', ''))
            as words,
        count(figures.figure_id) as known_figures
    from lists
    left join figures
        on
            lists.report_id = figures.report_id
            and {{ is_listed('figures.figure_id', 'lists.figure_ids') }}
    group by lists.report_id, lists.owner, lists.figure_ids

),

problems as (

    select
        owner || ' lists ' || words || ' figures, of which the ledger has '
        || known_figures || ': ' || figure_ids as problem
    from counted
    where words != known_figures

)

select * from problems
