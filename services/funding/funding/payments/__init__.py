"""Instalments, payment, arrival, spending, recovery, closing (资金拨付与使用)."""
