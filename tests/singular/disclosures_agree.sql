-- Reads the disclosures alone, so that nothing is built from those that contradict others.
with reconciliations as (

    {{ gmv_reconciliations() }}

),

problems as (

    select
        seed,
        seed_line,
        gmv_yi_yuan as value,
        {{ row_name(['platform_id', 'disclosure_id']) }} || ': disclosed are '
        || {{ plain_number('gmv_yi_yuan') }} || ' yi_yuan, ' || formula || ' gives '
        || {{ plain_number('formula_gmv_yi_yuan') }}
        || '; rounding explains a difference of '
        || {{ plain_number('tolerance_yi_yuan') }} as problem,
        'correct the wrong one; where one restates the other, name that in its column'
        || ' supersedes' as remedy
    from reconciliations
    where
        not is_reconciled
        and not is_superseded

)

select * from problems
