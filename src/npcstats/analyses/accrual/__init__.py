"""Enrolment by month, against the plan."""
