"""Grades over time: worst grades at each visit or week, their means, prevalence, and the area under the course."""
