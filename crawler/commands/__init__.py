"""Scrapy's own commands, where this project's answer is better."""
