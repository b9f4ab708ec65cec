with source as (

    select * from {{ ref('sources') }}

),

judged as (

    select
        *,
        kind in ('publisher', 'copy_of_report', 'publisher_mirror') as is_primary,
        kind in ('repost', 'content_farm') as is_weak
    from source

),

final as (

    select
        source_id,
        title_zh,
        title_en,
        author,
        publisher,
        kind,
        owner_kind,
        address,
        published_on,
        {{ date_from_text('read_on') }} as read_on,
        what_was_read,
        sha256,
        is_primary,
        is_weak,
        address as url,
        case
            when is_primary then 'primary'
            when kind in ('own_draft', 'project') then 'own'
            else 'secondary'
        end as reliability,
        note
    from judged

)

select * from final
