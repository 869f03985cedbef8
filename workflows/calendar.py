"""Temporary."""
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo
from collections.abc import Collection
import jpholiday

def is_business_day(day: date, closed: Collection[date] = ()) -> bool:
    return day.weekday() < 5 and not jpholiday.is_holiday(day) and day not in closed and (day.month, day.day) not in {(12,29),(12,30),(12,31),(1,1),(1,2),(1,3)}

def add_business_days(day: date, days: int, closed: Collection[date] = ()) -> date:
    while days > 0:
        day += timedelta(days=1)
        days -= is_business_day(day, closed)
    return day

def deadline(day: date, days: int, closed: Collection[date] = ()) -> datetime:
    return datetime.combine(add_business_days(day, days, closed), time(17, 15), ZoneInfo("Asia/Tokyo")).astimezone(UTC)
