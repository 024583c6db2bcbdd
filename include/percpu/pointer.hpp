// A typed reference to a per-CPU variable, static or allocated; 8 bytes, copied freely, owns nothing.
#pragma once

#include <cstddef>

#include "percpu/operations.hpp"

namespace percpu {

template <class T>
class pointer : public operations<pointer<T>, T> {
  public:
    using element_type = T;

    constexpr pointer() = default;
    constexpr pointer(std::nullptr_t) {}

    [[gnu::always_inline]] constexpr explicit operator bool() const { return handle_ != 0; }
    friend constexpr bool operator==(pointer, pointer) = default;

    // The address that stands for the variable in interfaces with plain pointers (percpu/kernel.hpp). It cannot be followed:
    // an access faults.
    [[nodiscard]] T* address() const { return reinterpret_cast<T*>(handle_); }
    [[gnu::always_inline]] static pointer from_address(T* address) {
        return from_handle(reinterpret_cast<detail::Handle>(address));
    }

    [[gnu::always_inline]] constexpr detail::Handle handle() const { return handle_; }
    [[gnu::always_inline]] static constexpr pointer from_handle(detail::Handle handle) {
        pointer result;
        result.handle_ = handle;
        return result;
    }

  private:
    detail::Handle handle_ = 0;
};

}  // namespace percpu
