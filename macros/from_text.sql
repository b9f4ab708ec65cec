{#- Types one text column of a seed, or stops the build with the column and the value.

    Seeds arrive as text. A plain cast would round `12.56789`, accept `1e3` and `nan` and
    read `3.7` as 4; here the text has to look like the type before it is cast. An empty
    cell stays null; whether it may be is a not_null test.

    column_name  the text column
    data_type    the SQL type of the result
    pattern      regular expression (RE2) that the whole text must match
    expected     what the message says was expected -#}
{% macro from_text(column_name, data_type, pattern, expected) -%}
    case
        when {{ column_name }} is null then null
        when {{ full_match(column_name, pattern) }}
            then cast({{ column_name }} as {{ data_type }})
        else {{ stop_with(
            "'" ~ this.name ~ "." ~ column_name ~ ": \"' || " ~ column_name
            ~ " || '\" is not " ~ expected ~ "'", data_type
        ) }}
    end
{%- endmacro %}


{#- A decimal with at most `scale` digits after the point, never rounded. -#}
{% macro decimal_from_text(column_name, precision, scale) -%}
    {{ from_text(
        column_name,
        "decimal(" ~ precision ~ ", " ~ scale ~ ")",
        "-?[0-9]{1," ~ (precision - scale) ~ "}(\\.[0-9]{1," ~ scale ~ "})?",
        "a plain decimal with at most " ~ scale ~ " digits after the point"
    ) }}
{%- endmacro %}


{% macro integer_from_text(column_name) -%}
    {{ from_text(column_name, "bigint", "-?[0-9]{1,18}", "a whole number") }}
{%- endmacro %}


{% macro date_from_text(column_name) -%}
    {{ from_text(
        column_name, "date", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date like 2021-09-30"
    ) }}
{%- endmacro %}


{% macro boolean_from_text(column_name) -%}
    {{ from_text(column_name, "boolean", "true|false", "true or false") }}
{%- endmacro %}
