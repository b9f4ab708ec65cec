select before.step_id, steps.value
from (values
    ('gmv_2020q4', 'kuaishou_2020q4', '-'),
    ('gmv_2021_9m', 'kuaishou_2021_9m', '-'),
    ('gmv', 'gmv', '-'),
    ('b0', 'b0', '-'),
    ('b1', 'b1', '-'),
    ('b2', 'b2', '-'),
    ('mean_turnover', 'mean_turnover', '-'),
    ('productivity', 'productivity', '-'),
    ('intermediate_use', 'intermediate_use', '-'),
    ('final_use', 'final_use', '-'),
    ('creators_with_income', 'creators_with_income', '-'),
    ('merchant_jobs', 'merchants', '-'),
    ('unrounded_ratio', 'ratio_of_use', '-'),
    ('ratio', 'supply_chain_ratio', '-'),
    ('supply_chain_jobs', 'supply_chain', '-'),
    ('e_commerce_jobs', 'e_commerce_ecosystem', '-'),
    ('creator_team_jobs', 'creator_teams', '-'),
    ('institution_jobs', 'institutions', '-'),
    ('content_jobs', 'content_ecosystem', '-'),
    ('ecosystem_jobs', 'ecosystem', '-'),
    ('direct_jobs', 'direct', '-'),
    ('total_jobs', 'total', '-'),
    ('creators_under_10k', 'tier_creators', 'under_10k'),
    ('teams_under_10k', 'team_jobs', 'under_10k'),
    ('creators_10k_to_100k', 'tier_creators', '10k_to_100k'),
    ('teams_10k_to_100k', 'team_jobs', '10k_to_100k'),
    ('creators_100k_to_1m', 'tier_creators', '100k_to_1m'),
    ('teams_100k_to_1m', 'team_jobs', '100k_to_1m'),
    ('creators_1m_to_5m', 'tier_creators', '1m_to_5m'),
    ('teams_1m_to_5m', 'team_jobs', '1m_to_5m'),
    ('creators_5m_to_10m', 'tier_creators', '5m_to_10m'),
    ('teams_5m_to_10m', 'team_jobs', '5m_to_10m'),
    ('creators_over_10m', 'tier_creators', 'over_10m'),
    ('teams_over_10m', 'team_jobs', 'over_10m'),
    ('staff_mcn', 'institution_jobs', 'mcn'),
    ('staff_guild', 'institution_jobs', 'guild'),
    ('staff_advertising_agency', 'institution_jobs', 'advertising_agency'),
    ('staff_service_account_operation', 'institution_jobs', 'service_account_operation'),
    ('staff_knowledge_content', 'institution_jobs', 'knowledge_content'),
    ('staff_e_commerce_service_provider', 'institution_jobs', 'e_commerce_service_provider')
) as before(step_id, name, element_id)
left join (
    from intermediate.int_verdicts__report_steps where report_id = 'kuaishou_2022'
) as steps on steps.step_id = before.name and steps.element_id = before.element_id
union all
select 'published_jobs', merchant_jobs_wan from staging.stg_platform__published_coefficients
