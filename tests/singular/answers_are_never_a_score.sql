-- A number of an answer would invite a sum: not_found is no failure of a report.
{% set answers = ref('fct_report_answers') %}
{% set columns = adapter.get_columns_in_relation(answers) if execute else [] %}
{% for column in columns if column.is_number() and column.name != 'sort_order' %}
    select '{{ column.name }} is a number of an answer' as problem
    {{ 'union all' }}
{% endfor %}
select 'no column' as problem
where 1 = 0
