"""How good were the chances, the alerts and the levels: measures, always beside simple baselines on the same data."""
