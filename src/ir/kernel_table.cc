#include "ir/kernel_table.h"

#include <fmt/format.h>

namespace hillock {

KernelRule kernel_rule(const Op& op, Backend backend) {
  switch (backend) {
    case Backend::cpu: return op.kernel;
  }
  return nullptr;
}

PointwiseFunction pointwise_function(const Op& op, Backend backend, std::size_t element_bytes) {
  switch (backend) {
    case Backend::cpu: return element_bytes == 4 ? op.pointwise->f32 : op.pointwise->f64;
  }
  return nullptr;
}

std::string KernelReason::to_string() const {
  constexpr std::string_view kPlace = "{}";
  std::string result;
  std::string_view rest = text;
  for (const std::int64_t number : numbers) {
    const std::size_t place = rest.find(kPlace);
    if (place == std::string_view::npos) break;
    result += fmt::format("{}{}", rest.substr(0, place), number);
    rest.remove_prefix(place + kPlace.size());
  }
  return result.append(rest);
}

}  // namespace hillock
