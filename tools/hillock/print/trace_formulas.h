// The formulas that a trace prints, as texts.
#pragma once

#include <string>

#include "hillock/nn.h"
#include "hillock/trace.h"
#include "print/trace_subject.h"

namespace hillock::program {

// "E = 1/(B K) Σ (p − t)²", by the name of the loss.
std::string loss_formula(const TraceSubject& subject);
// Whether the loss is computed from z and includes the output's activation.
bool is_loss_of_z(nn::LossKind kind);
// Where the backward pass begins: "∂E/∂p_k = 2 (p_k − t_k) / (B K)", or for a loss of z "δ_k = (p_k − t_k) / B".
std::string loss_gradient_formula(const TraceSubject& subject);
// E with its numbers, "−log 0.125"; empty if there are too many.
std::string loss_with_numbers(const TraceSubject& subject, const Tensor& predictions, const Tensor& targets);

// "w′ = w − η g", with the meaning of its letters in this step.
std::string update_formula(const TraceSubject& subject);
std::string update_numbers(const TraceSubject& subject, const StepTrace& trace);
// A line about how the gradient is clipped; empty if it is not clipped.
std::string clipping(const TraceSubject& subject, const StepTrace& trace);

}  // namespace hillock::program
