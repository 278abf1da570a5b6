"""The ledger (项目资金账): double entry, append-only."""
