-- Adds up the disclosures that each formula names, as a reader of the formula would:
-- 6168 = 1771 + 4397 for the window of the report.
with gmv as (

    select
        platform_id,
        'quarter' as period_type,
        period_end,
        formula,
        gmv_yi_yuan
    from {{ ref('fct_gmv') }}

    union all

    select
        platform_id,
        'twelve months' as period_type,
        window_end as period_end,
        formula,
        gmv_yi_yuan
    from {{ ref('fct_gmv_windows') }}

),

disclosures as (

    select * from {{ ref('stg_platform__gmv_disclosures') }}

),

-- `+a +(-b +c)` without brackets; two spaces between names, so that each has its own
formulas as (

    select
        *,
        '  '
        || replace(replace(replace(formula, '+(', ''), ')', ''), ' ', '  ')
        || '  ' as spaced_formula
    from gmv

),

signed_disclosures as (

    select
        platform_id,
        ' +' || disclosure_id || ' ' as signed_name,
        gmv_yi_yuan
    from disclosures

    union all

    select
        platform_id,
        ' -' || disclosure_id || ' ' as signed_name,
        -gmv_yi_yuan as gmv_yi_yuan
    from disclosures

),

counted as (

    select
        formulas.platform_id,
        formulas.period_type,
        formulas.period_end,
        formulas.formula,
        formulas.gmv_yi_yuan,
        signed_disclosures.gmv_yi_yuan as signed_yi_yuan,
        cast(
            (
                length(formulas.spaced_formula) - length(
                    replace(
                        formulas.spaced_formula, signed_disclosures.signed_name, ''
                    )
                )
            ) / length(signed_disclosures.signed_name) as bigint
        ) as occurrences
    from formulas
    inner join signed_disclosures
        on formulas.platform_id = signed_disclosures.platform_id

),

added_up as (

    select
        platform_id,
        period_type,
        period_end,
        formula,
        gmv_yi_yuan,
        sum(occurrences * signed_yi_yuan) as formula_yi_yuan
    from counted
    group by platform_id, period_type, period_end, formula, gmv_yi_yuan

),

problems as (

    select
        {{ row_name(['platform_id', 'period_type', 'period_end']) }}
        || ': ' || formula || ' is ' || formula_yi_yuan || ', not '
        || gmv_yi_yuan as problem
    from added_up
    -- exact: the amounts are decimals
    where formula_yi_yuan != gmv_yi_yuan

)

select * from problems
