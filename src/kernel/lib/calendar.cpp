// Conversion between seconds since 1970 and dates of the Gregorian calendar.
//
// Days are counted from the 1st of March of the year 0, so that the leap day is the last day of a
// year; 400 years, an era, have 146,097 days (Hinnant 2013, "chrono-compatible low-level date
// algorithms").
#include <cstdint>

#include "kernel/module_access.hpp"

#include <linux/errno.h>
#include <linux/rtc.h>
#include <linux/time.h>

namespace kloom::kernel {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01
constexpr int64_t kDaysPerEra = 146'097;

struct Date {
    int64_t year;
    unsigned month;  // 1 to 12
    unsigned day;    // 1 to 31
};

int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

int64_t days_from_date(const Date& date) {
    const int64_t year = date.year - (date.month <= 2);
    const int64_t era = floor_divide(year, 400);
    const auto year_of_era = static_cast<uint64_t>(year - era * 400);
    const unsigned day_of_year =
        (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
    const uint64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * kDaysPerEra + static_cast<int64_t>(day_of_era) - kDaysToEpoch;
}

Date date_from_days(int64_t days) {
    days += kDaysToEpoch;
    const int64_t era = floor_divide(days, kDaysPerEra);
    const auto day_of_era = static_cast<unsigned>(days - era * kDaysPerEra);
    const unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned shifted_month = (5 * day_of_year + 2) / 153;
    const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return {static_cast<int64_t>(year_of_era) + era * 400 + (month <= 2), month, day};
}

struct BrokenDownTime {
    Date date;
    int hour, minute, second, week_day, year_day;
};

BrokenDownTime break_down(int64_t seconds) {
    const int64_t days = floor_divide(seconds, kSecondsPerDay);
    const auto rest = static_cast<int>(seconds - days * kSecondsPerDay);
    const Date date = date_from_days(days);
    const int64_t week_day =
        (days + 4) - floor_divide(days + 4, 7) * 7;  // 1970-01-01 was a Thursday
    const int64_t year_day = days - days_from_date({date.year, 1, 1});
    return {date,
            rest / 3600,
            rest / 60 % 60,
            rest % 60,
            static_cast<int>(week_day),
            static_cast<int>(year_day)};
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day,
                             unsigned int hour, unsigned int min, unsigned int sec) {
    return ((days_from_date({year, mon, day}) * 24 + hour) * 60 + min) * 60 + sec;
}

extern "C" void time64_to_tm(time64_t totalsecs, int offset, struct kloom_tm* result) {
    KLOOM_API();
    const BrokenDownTime time = break_down(totalsecs + offset);
    note_write(result, sizeof *result);
    *result = {time.second,
               time.minute,
               time.hour,
               static_cast<int>(time.date.day),
               static_cast<int>(time.date.month) - 1,
               time.date.year - 1900,
               time.week_day,
               time.year_day};
}

extern "C" void rtc_time64_to_tm(time64_t seconds, struct rtc_time* result) {
    KLOOM_API();
    const BrokenDownTime time = break_down(seconds);
    note_write(result, sizeof *result);
    *result = {time.second,
               time.minute,
               time.hour,
               static_cast<int>(time.date.day),
               static_cast<int>(time.date.month) - 1,
               static_cast<int>(time.date.year - 1900),
               time.week_day,
               time.year_day,
               0};
}

extern "C" time64_t rtc_tm_to_time64(struct rtc_time* tm) {
    KLOOM_API();
    note_read(tm, sizeof *tm);
    return mktime64(static_cast<unsigned>(tm->tm_year + 1900),
                    static_cast<unsigned>(tm->tm_mon + 1), static_cast<unsigned>(tm->tm_mday),
                    static_cast<unsigned>(tm->tm_hour), static_cast<unsigned>(tm->tm_min),
                    static_cast<unsigned>(tm->tm_sec));
}

// `month` counts from 0.
extern "C" int rtc_month_days(unsigned int month, unsigned int year) {
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return kDays[month] + (month == 1 && is_leap_year(year));
}

extern "C" int rtc_year_days(unsigned int day, unsigned int month, unsigned int year) {
    return static_cast<int>(days_from_date({year, month + 1, day}) - days_from_date({year, 1, 1}));
}

extern "C" int rtc_valid_tm(struct rtc_time* tm) {
    KLOOM_API();
    note_read(tm, sizeof *tm);
    const bool is_valid =
        tm->tm_year >= 70 && tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_mday >= 1 &&
        tm->tm_mday <= rtc_month_days(static_cast<unsigned>(tm->tm_mon),
                                      static_cast<unsigned>(tm->tm_year + 1900)) &&
        tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 && tm->tm_min < 60 &&
        tm->tm_sec >= 0 && tm->tm_sec < 60;
    return is_valid ? 0 : -EINVAL;
}
