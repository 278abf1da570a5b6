"""Bars of persons known from oversight (限制申报)."""
