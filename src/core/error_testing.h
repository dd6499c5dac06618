// What a refused call says.
#pragma once

#include <string>

#include "hillock/error.h"

namespace hillock {

// The message of the Error that `call` throws; empty if it throws none. Anything else goes through.
template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace hillock
