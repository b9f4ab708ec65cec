"""placeholder until helper-2 writes it"""
def fit_merchant_productivity(sample):
    import pandas as pd, numpy as np
    rows=[]
    for (p,s),g in sample.groupby(['platform_id','sample_id']):
        x=g.turnover_wan_yuan.astype(float).to_numpy(); X=np.column_stack([x**0,x,x*x]); b=np.linalg.lstsq(X,g.productivity_wan_yuan_per_job.to_numpy(),rcond=None)[0]
        for c in ['nonrobust','HC1','HC3']:
            for t,e in zip(['intercept','turnover','turnover_squared'],b): rows.append(dict(platform_id=p,sample_id=s,cov_type=c,term=t,estimate=e))
    return pd.DataFrame(rows)
