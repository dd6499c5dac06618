// Canonical mathematics for one float or double, part of the meaning of the ops: the same bits on every target.
//
// Uses only plain IEEE 754 operations and explicit fused multiply-adds, and no mathematical function of the C library.
// Must be compiled with -ffp-contract=off and run with round-to-nearest. cpu/vector_math.h has the same functions for
// vectors, equal bit for bit. Results below the smallest normal number are 0, whether or not the processor is in
// flush-to-zero mode. Formulas and their sources are in math_generic.h, math_power.h and math_trig.h.
//
// Largest errors in units in the last place (0.5 is a correctly rounded result). For f32, except e^x - 1 and power,
// cpu/vector_math_exhaustive_test.cc checks every number; math_test.cc checks the others on samples.
//              exp    log    tanh   sigmoid  softplus  erf    sin, cos  e^x - 1  power
//   f32        0.68   0.84   0.80   1.48     1.71      1.00   0.501     0.81     0.501
//   f64        0.64   0.77   0.74   1.41     1.65      0.95   0.72      0.78     0.65
#pragma once

#include "core/lane.h"
#include "core/math_generic.h"
#include "core/math_power.h"
#include "core/math_trig.h"

namespace hillock::math {

template <class T>
T exp(T x) {
  return generic::exp<Lane<T>>(x);
}
// log 0 = -inf, log of a negative number = NaN.
template <class T>
T log(T x) {
  return generic::log<Lane<T>>(x);
}
template <class T>
T tanh(T x) {
  return generic::tanh<Lane<T>>(x);
}
// 1 / (1 + e^-x).
template <class T>
T sigmoid(T x) {
  return generic::sigmoid<Lane<T>>(x);
}
// log(1 + e^x).
template <class T>
T softplus(T x) {
  return generic::softplus<Lane<T>>(x);
}
// 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.
template <class T>
T erf(T x) {
  return generic::erf<Lane<T>>(x);
}
// e^x - 1 for x <= 0, and NaN for NaN. For x > 0 the result is meaningless.
template <class T>
T expm1_nonpositive(T x) {
  return generic::expm1_nonpositive<Lane<T>>(x);
}
// x^y with the special cases of C's pow; a denormal y counts as 0.
template <class T>
T power(T x, T y) {
  return generic::power<Lane<T>>(x, y);
}
// In radians, for |x| <= 2^47; NaN beyond.
template <class T>
T sin(T x) {
  return generic::sin<Lane<T>>(x);
}
template <class T>
T cos(T x) {
  return generic::cos<Lane<T>>(x);
}

}  // namespace hillock::math
