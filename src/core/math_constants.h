// Constants of the float formats, and coefficients of the polynomials of math_generic.h, math_power.h and math_trig.h.
//
// The coefficients are minimax fits (Remez exchange, weighted by the size of the term in the final result), computed
// with 60 digits and then rounded. `fit` is the largest relative error in exact arithmetic.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace hillock::math {

template <class T>
struct Constants;

template <>
struct Constants<float> {
  static constexpr int kFractionBits = 23;
  static constexpr std::uint32_t kSmallestNormalBits = 0x00800000;
  static constexpr std::uint32_t kInfinityBits = 0x7f800000;
  static constexpr std::uint32_t kSqrtHalfBits = 0x3f3504f3;
  static constexpr std::uint32_t kExponentOffset = 128u << 23;  // keeps the exponent of x / sqrt(1/2) positive
  static constexpr float kExponentBias = 128;
  static constexpr float kUnitStep = 0x1p23f;   // all floats from here on are integers
  static constexpr float kRounder = 0x1.8p23f;  // adding it rounds to an integer, which is then in the low bits
  static constexpr float kLog2E = 0x1.715476p+0f;
  static constexpr float kLn2High = 0x1.62e4p-1f;  // 15 bits, so that its product with any exponent is exact
  static constexpr float kLn2Low = 0x1.7f7d1cp-20f;
  static constexpr float kExpLargest = 0x1.62e42ep+6f;    // beyond it e^x overflows
  static constexpr float kExpSmallest = -0x1.5d589ep+6f;  // below it e^x is less than the smallest normal number
  static constexpr float kExpm1Smallest = -20;            // below it e^x - 1 is -1 in f32
  // (e^r - 1 - r) / r^2 for |r| <= ln(2)/2; fit 2^-34.3.
  static constexpr std::array<float, 6> kExp = {0x1.000000p-1f, 0x1.555556p-3f,  0x1.555480p-5f,
                                                0x1.11107ep-7f, 0x1.6d9686p-10f, 0x1.a1b7a0p-13f};
  // (2 atanh(s) - 2 s) / s^3 in z = s^2, |s| <= (sqrt(2) - 1)/(sqrt(2) + 1); fit 2^-37.6.
  static constexpr std::array<float, 4> kLog = {0x1.555554p-1f, 0x1.999a7ap-2f, 0x1.2438cep-2f, 0x1.e2f7c2p-3f};
  static constexpr float kErfLargest = 4;  // from here on erf rounds to 1
  // erf(x) / x - 1 in x^2 for x <= 1; fit 2^-29.5 of 1.
  // -log(1 - erf(x)) in x - 1 for 1 <= x <= kErfLargest, weighted by 1 - erf(x); fit 2^-26.9.
  // Both are weighted least-squares fits in 120 Chebyshev points, fitted again after rounding each coefficient in turn.
  static constexpr std::array<float, 7> kErfSmall = {0x1.06eba8p-3f, -0x1.812740p-2f,  0x1.ce2d50p-4f, -0x1.b7fe8ep-6f,
                                                     0x1.542deep-8f, -0x1.a5099ep-11f, 0x1.4c2f4cp-14f};
  static constexpr std::array<float, 7> kErfLarge = {0x1.d97fc0p+0f,  0x1.51c99ep+1f,  0x1.afaec8p-1f,  0x1.53a786p-5f,
                                                     -0x1.423d3cp-7f, 0x1.d4eda0p-10f, -0x1.7290eap-13f};
};

template <>
struct Constants<double> {
  static constexpr int kFractionBits = 52;
  static constexpr std::uint64_t kSmallestNormalBits = 0x0010000000000000;
  static constexpr std::uint64_t kInfinityBits = 0x7ff0000000000000;
  static constexpr std::uint64_t kSqrtHalfBits = 0x3fe6a09e667f3bcd;
  static constexpr std::uint64_t kExponentOffset = std::uint64_t{1024} << 52;
  static constexpr double kExponentBias = 1024;
  static constexpr double kUnitStep = 0x1p52;
  static constexpr double kRounder = 0x1.8p52;
  static constexpr double kLog2E = 0x1.71547652b82fep+0;
  static constexpr double kLn2High = 0x1.62e42fefa2000p-1;  // 40 bits
  static constexpr double kLn2Low = 0x1.9ef35793c7673p-41;
  static constexpr double kExpLargest = 0x1.62e42fefa39efp+9;
  static constexpr double kExpSmallest = -0x1.6232bdd7abcd1p+9;
  static constexpr double kExpm1Smallest = -40;
  // As above; fit 2^-64.
  static constexpr std::array<double, 11> kExp = {0x1.0000000000000p-1,  0x1.555555555555cp-3,  0x1.555555555555ep-5,
                                                  0x1.111111110ebb3p-7,  0x1.6c16c16c135d7p-10, 0x1.a01a01b3bb1f9p-13,
                                                  0x1.a01a01b440f32p-16, 0x1.71ddef93c9a24p-19, 0x1.27e4bf57aaac3p-22,
                                                  0x1.af6ccce91d186p-26, 0x1.1f9db87011c43p-29};
  // As above; fit 2^-66.7.
  static constexpr std::array<double, 8> kLog = {0x1.5555555555555p-1, 0x1.9999999999e00p-2, 0x1.249249242b30ep-2,
                                                 0x1.c71c725911428p-3, 0x1.745cde2f6a555p-3, 0x1.3b20aca20acf5p-3,
                                                 0x1.0f5cb09948c48p-3, 0x1.0f63f1f1c5e65p-3};
  static constexpr double kErfLargest = 6;
  // As above; fits 2^-56.1 and 2^-58.8.
  static constexpr std::array<double, 13> kErfSmall = {
      0x1.06eba8214db69p-3,  -0x1.812746b0379fdp-2,  0x1.ce2f21a04362dp-4,  -0x1.b82ce312abefep-6,
      0x1.565bcd1298e84p-8,  -0x1.c02db49afb8cbp-11, 0x1.f9a335368c5f6p-14, -0x1.f4d3335ad34d6p-17,
      0x1.b9ee92f3c5200p-20, -0x1.5f9810fc0cc3fp-23, 0x1.fc77ba102e001p-27, -0x1.4675d488fef9fp-30,
      0x1.296e609a1cbd9p-34};
  static constexpr std::array<double, 19> kErfLarge = {
      0x1.d97fbf27aa2a1p+0,   0x1.51c9b0006c23bp+1,   0x1.afabc11a29379p-1,   0x1.5477f09c29a4ep-5,
      -0x1.48c9d3f047d46p-7,  0x1.033f661fa51f2p-9,   -0x1.f1b3a2b51959ep-13, -0x1.b8dc9e69bfc9ap-16,
      0x1.c7a3d9ee0d7adp-16,  -0x1.4261fe0fb4cfbp-17, 0x1.144d9ca6023c2p-19,  -0x1.30f24acf17484p-23,
      -0x1.a51a073a51c1fp-24, 0x1.c0d2bbbb9a160p-25,  -0x1.0150d32ead049p-26, 0x1.8ba8d685af6e2p-29,
      -0x1.9753a1b5dd789p-32, 0x1.fe73320c3d4ddp-36,  -0x1.26ccecaa52a41p-40};
  // (atanh(s) / s - 1 - z/3 - z^2/5) 2 / z^3, z = s^2, for the logarithm in two doubles; fit 2^-80.
  static constexpr std::array<double, 8> kLogTail = {0x1.2492492492489p-2, 0x1.c71c71c71f2a5p-3, 0x1.745d174344f67p-3,
                                                     0x1.3b13b282a3bedp-3, 0x1.1110afaf87367p-3, 0x1.e2053dc842801p-4,
                                                     0x1.ab50bc6fa4297p-4, 0x1.c06c4ef6e229cp-4};
  static constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
  // pi / 2 in three parts, each the next rounded to f64; what they leave out is below 2^-162.
  static constexpr double kHalfPiHigh = 0x1.921fb54442d18p+0;
  static constexpr double kHalfPiMiddle = 0x1.1a62633145c07p-54;
  static constexpr double kHalfPiLow = -0x1.f1976b7ed8fbcp-110;
  static constexpr double kTrigLargest = 0x1p47;  // beyond it sin and cos are NaN
  // (sin(r) - r) / r^3 in z = r^2 and (cos(r) - 1 + z/2) / z^2, both for |r| <= pi/4 + 0.007; fits 2^-62.9 and 2^-63.6.
  // By weighted least squares in 120 Chebyshev points, as erf.
  static constexpr std::array<double, 7> kSin = {-0x1.5555555555555p-3, 0x1.111111111108cp-7,   -0x1.a01a01a0072cbp-13,
                                                 0x1.71de3a40ae5d0p-19, -0x1.ae643e2f9162bp-26, 0x1.611551da2ea3cp-33,
                                                 -0x1.a5bae91d1c623p-41};
  static constexpr std::array<double, 6> kCos = {0x1.5555555555549p-5,  -0x1.6c16c16c14c02p-10,
                                                 0x1.a01a019c2d57bp-16, -0x1.27e4f7acd31dbp-22,
                                                 0x1.1ee9adf81b02ep-29, -0x1.8f8f1abb9491fp-37};
};

}  // namespace hillock::math
