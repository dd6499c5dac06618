// The text helpers are public: hillock/text.h.
#pragma once

#include "hillock/text.h"
