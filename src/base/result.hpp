// Result<T>: a value or an operating error, named like std::expected, which neither gcc 12 nor clang 14 offers in C++20.
//
// Operating errors (no such file, a schedule that does not fit) travel up through Result and are printed once by `cli`.
// Replace by std::expected when the toolchain moves to C++23.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace kloom::base {

// What went wrong, in one line: lower case, subject first, expected against actual; `hint` is the next step, may be empty.
struct Error {
    std::string message;
    std::string hint;
};

template <class T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    // Requires: has_value().
    T& value() & { return *std::get_if<0>(&state_); }
    const T& value() const& { return *std::get_if<0>(&state_); }
    T&& value() && { return std::move(*std::get_if<0>(&state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    // Requires: !has_value().
    const Error& error() const& { return *std::get_if<1>(&state_); }
    Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    const Error& error() const& { return *error_; }
    Error&& error() && { return std::move(*error_); }

  private:
    std::optional<Error> error_;
};

}  // namespace kloom::base

// Evaluates `expression` (a Result); on an error returns it from the enclosing function, else yields the value.
#define TRY(expression)                                                 \
    ({                                                                  \
        auto try_result_ = (expression);                                \
        if (!try_result_) return std::move(try_result_).error();        \
        std::move(try_result_).value();                                 \
    })

// The same for a Result<void>.
#define TRY_VOID(expression)                                            \
    do {                                                                \
        auto try_result_ = (expression);                                \
        if (!try_result_) return std::move(try_result_).error();        \
    } while (false)
