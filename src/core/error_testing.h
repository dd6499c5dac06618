// For tests of refused calls: catches the message.
#pragma once

#include <string>

#include "hillock/error.h"

namespace hillock {

// The message of the Error that `call` throws, or an empty text if it throws none. Other exceptions are passed on.
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
