"""A small method as the text of its tables, which tests change line by line."""
# ruff: noqa: E501

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from platform_employment.method.evaluate import Cell, Problem, run
from platform_employment.method.methods import Finding, Method, Plan, read_methods

Row = dict[str, object]

UNITS = """\
unit,dimension,scale
jobs,jobs,1
wan_jobs,jobs,10000
persons,persons,1
wan_persons,persons,10000
jobs_per_person,jobs persons^-1,1
yuan,yuan,1
yi_yuan,yuan,100000000
wan_yuan,yuan,10000
wan_yuan_per_job,yuan jobs^-1,10000
per_job,jobs^-1,1
per_wan_yuan_job,yuan^-1 jobs^-1,0.0001
organisations,organisations,1
jobs_per_organisation,jobs organisations^-1,1
jobs_per_wan_jobs,1,0.0001
factor,1,1
percent,1,0.01
"""
INPUTS = """\
input_name,unit,element_set,role,value_constraint,is_carried
gmv,yi_yuan,-,gmv,positive,false
b0,wan_yuan_per_job,-,coefficient,any,true
b1,per_job,-,coefficient,any,true
b2,per_wan_yuan_job,-,coefficient,any,true
turnover,wan_yuan,-,turnover,positive,true
ratio,factor,-,multiplier,not_negative,true
creators,wan_persons,tier,creators,not_negative,true
share,factor,tier,share,share,true
share_factor,factor,-,factor,not_negative,true
members,jobs_per_person,tier,size,not_negative,true
members_factor,factor,-,factor,not_negative,true
organisations,organisations,institution_type,organisations,not_negative,true
staff,jobs_per_organisation,institution_type,size,not_negative,true
staff_factor,factor,-,factor,not_negative,true
persons_per_wan,jobs_per_wan_jobs,-,conversion,positive,true
with_income,wan_persons,-,creators,not_negative,true
jobs_per_creator,jobs_per_person,-,conversion,not_negative,true
productivity,wan_yuan_per_job,-,productivity,positive,true
"""
STEPS = """\
method_id,step_id,component_id,formula,decimals,unit,element_set,value_constraint,can_be_overridden,is_rounding
small,productivity,,b0 + b1 * turnover + b2 * turnover ** 2,,wan_yuan_per_job,-,positive,true
small,merchants,merchants,gmv / productivity,4,wan_jobs,-,any,false
small,supply_chain,supply_chain,merchants * ratio,4,wan_jobs,-,any,false
small,teams,,"creators * min(1, share * share_factor)",,wan_persons,tier,any,false
small,creator_teams,creator_teams,sum(teams * members) * members_factor,4,wan_jobs,-,any,false
small,institutions,institutions,sum(organisations * staff) * staff_factor / persons_per_wan,4,wan_jobs,-,any,false
small,direct,direct,with_income * jobs_per_creator,4,wan_jobs,-,any,false
"""
COMPONENTS = """\
method_id,component_id,parent_component_id,sort_order,layer,unit_counted
small,total,,1,,jobs
small,direct,total,2,direct,jobs
small,creator_teams,total,3,indirect,jobs
small,institutions,total,4,indirect,jobs
small,e_commerce,total,5,indirect,jobs
small,merchants,e_commerce,6,indirect,jobs
small,supply_chain,e_commerce,7,indirect,jobs
"""


def rows(text: str) -> list[Row]:
    """The rows of a csv with the lines of the file."""
    return [{"line": line} | row for line, row in enumerate(csv.DictReader(io.StringIO(text)), 2)]


def read(
    inputs: str = INPUTS, steps: str = STEPS, components: str = COMPONENTS, units: str = UNITS
) -> tuple[dict[str, Method], list[Finding]]:
    """Read the small method, or a changed one."""
    return read_methods(rows(inputs), rows(steps), rows(components), rows(units))


def small_method() -> Method:
    """The small method as it stands."""
    methods, findings = read()
    assert not findings
    return methods["small"]


def central(
    method: Method, plan: Plan, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Problem]]:
    """The values of a method in decimals, and what is wrong with them."""
    found = run(method, values, plan=plan)
    return dict(found.values), found.problems


def in_floats(
    method: Method, plan: Plan, values: Mapping[str, Any], cells: Mapping[Cell, Any] | None = None
) -> dict[str, Any]:
    """The values of a method for arrays of some inputs, as limits are calculated."""
    given = {
        name: {e: (cells or {}).get((name, e), np.float64(x)) for e, x in values[name].items()}
        for name in plan.inputs
    }
    found = run(method, given, plan=plan, number=np.float64, is_rounded=False)
    return dict(found.values)
