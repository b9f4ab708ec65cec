{#- The numbers of the files of merchants whose lines are read: the new ones, and those counted
    before that have the only line so far of a merchant that a new file repeats.

    repeated_merchants  relation, made before -#}
{% macro read_files(repeated_merchants) -%}
    {%- set numbers = [] -%}
    {%- if counted_files() -%}
        {%- set query -%}
            select distinct repeated.first_file_number
            from {{ repeated_merchants }} as repeated
            left join {{ kept('stg_survey__repeated_merchants') }} as known
                on
                    repeated.platform_id = known.platform_id
                    and repeated.sample_id = known.sample_id
                    and repeated.merchant_id = known.merchant_id
            where known.merchant_id is null and repeated.first_file_number <= {{ counted_files() }}
        {%- endset -%}
        {%- for number in run_query(query).columns[0].values() | sort -%}
            {%- do numbers.append(number | int) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(numbers + new_files()) }}
{%- endmacro %}
