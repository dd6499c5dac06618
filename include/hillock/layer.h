// Layer records: how a layer is written in the text of a network, what it computes, which row shapes it accepts, how a
// trace shows it, and the facts that other code needs about it.
//
// Built-in and user-defined layers use the same kind of record (docs/adding-a-layer.md). Code outside a layer's own
// folder never asks which layer it is dealing with; every fact that it needs is a field here. Records are immutable and
// have static lifetime.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hillock/error.h"
#include "hillock/graph.h"
#include "hillock/nn.h"
#include "hillock/tensor.h"

namespace hillock::nn {

// One layer of a network's text in parsed form: "dense 64 relu", "residual(dense 32 relu, dense 32 identity)".
struct LayerSpec {
  const LayerRecord* record = nullptr;
  LayerAttributes attributes{};     // {"units": 64, "activation": relu}
  std::vector<LayerSpec> inside{};  // the layers in its parentheses, in order

  bool operator==(const LayerSpec&) const = default;
};

// The attribute "activation", or identity if there is none.
Activation activation_of(const LayerAttributes& attributes);

// The text of one layer, between two commas of a network's text, for LayerRecord::parse.
struct LayerText {
  std::span<const std::string_view> words;  // at least one: "dense", "64", "relu"
  std::string where;                        // how error messages begin: --net: part 1, "dense 64 relu"

  // Throws Error: `where`, then `why`, then how the layer may be written.
  [[noreturn]] void fail(const std::string& why) const;
  // Throws Error if there are more than `most` words.
  void require_at_most(std::size_t most) const;
  // Word `index` as a number; nullopt if it is not one.
  std::optional<std::int64_t> integer(std::size_t index) const;
  std::optional<double> real(std::size_t index) const;
  // Word `index` as an activation. Throws Error, which suggests the nearest name, if it is not one.
  Activation activation(std::size_t index) const;
};

// A layer of a trace, for the functions of LayerTrace that describe it.
struct LayerView {
  std::string name;                   // "dense1"
  const LayerAttributes* attributes;  // TapPoint::attributes
  std::vector<std::string> given;     // for each input the name of the layer that computed it; "": the network's input
  std::string_view in, out;           // the letters of its input and its output: "x" or "a", "a" or "p"
};
// One element of an element-wise layer: its input, its output, and ∂E/∂out.
struct ElementView {
  double in = 0, out = 0, gradient = 0;
};
// A number as traces print it: six significant digits, and no sign before 0.
std::string trace_figure(double value);

// One kind of parameter of a layer, as it appears in formulas.
struct ParameterView {
  std::string_view name;      // "weight" of "dense1.weight"
  std::string_view letter;    // "w_jk"
  std::string_view gradient;  // the formula of ∂E/∂w_jk; {} stands for the letter of the layer's input: "{}_j δ_k"
};

// How a trace shows a layer. Every field is optional; without any, a trace shows the layer's name, word, input and
// output.
struct LayerTrace {
  // The formula of the output: "z_k = Σ_j x_j w_jk + b_k,  a = tanh(z)".
  std::string (*forward)(const LayerView& layer) = nullptr;
  // The term that this layer contributes to ∂E/∂a_j of the layer before it: "Σ_k δ_k w_jk over the units k of dense2".
  // `given` is the number of the input that the layer before it computed.
  std::string (*backward)(const LayerView& layer, std::size_t given) = nullptr;
  // The same term with numbers, if it depends on a single element: "0.25 / 0.8".
  std::string (*backward_numbers)(const LayerView& layer, std::size_t given, const ElementView& element) = nullptr;
  std::vector<ParameterView> parameters{};
  bool in_beside_out = true;  // element k of the output depends on element k of the input (and perhaps on others)
};

struct LayerRecord {
  // The layer's word in the text of a network, in the names of its parameters ("layer-norm1.gain") and in traces.
  // Lower-case letters, digits and hyphens, beginning with a letter. Unique.
  std::string_view word;
  // For `hillock help layers`: the syntax, "dense N [ACTIVATION]", and a description of one line or more.
  std::string_view form{};
  std::string_view summary{};
  // A text of this layer that accepts rows of four numbers and keeps their shape: "dense 4 tanh". The tests that hold
  // for every layer use it (src/nn/layers/proof_test.cc).
  std::string_view example{};

  // --- text ---
  // Whether `words` denote this layer: dense recognizes "64" and "dense 64", an activation "tanh". nullptr: the words
  // must begin with `word`.
  bool (*recognizes)(std::span<const std::string_view> words) = nullptr;
  // The attributes that the text specifies. Reports mistakes with LayerText::fail, which throws Error. nullptr: the
  // layer has no options.
  LayerAttributes (*parse)(const LayerText& text) = nullptr;
  // The inverse of parse(): words with the same attributes. nullptr: `word` alone.
  std::string (*print)(const LayerSpec& spec) = nullptr;
  // Whether the words are followed by layers in parentheses; there must be at least one.
  bool holds_layers = false;
  // Whether the layer may appear in the text of a network.
  bool has_text = true;
  // The name in lists of layers, if it differs from `word`: "an activation".
  std::string_view listed_as{};

  // --- computation ---
  // The shape of a row after the layer. Throws Error, which names `row`, if the layer cannot take such rows. nullptr:
  // the shape does not change.
  Shape (*shape)(const LayerSpec& spec, const Shape& row) = nullptr;
  // Creates the layer that `spec` describes; build_layers() creates those inside it.
  Layer (*build)(const LayerSpec& spec) = nullptr;

  // --- facts ---
  // In training it uses random numbers, so the loss at the same parameters differs from step to step.
  bool random = false;
  // It counts as a hidden layer: a network with it is, or may be, more than a linear model.
  bool hidden = true;
  // It applies the attribute "activation" to its result, and --activation sets this attribute.
  bool takes_activation = false;
  // It is only an activation; a trace shows it as part of the preceding layer if that has no activation of its own.
  bool is_activation = false;
  // It uses the axes of images, [channels, height, width]. Networks without such a layer treat a row as a single axis.
  bool sees_images = false;

  LayerTrace trace{};
};

// Every built-in layer, in the order of src/nn/layers/all.h, followed by those added with register_layer.
std::vector<const LayerRecord*> registered_layers();
// Adds a user-defined layer, which NetworkSpec::parse (and so --net in a program that links it), model files and traces
// then know. `record` must have static lifetime. Thread-safe. Throws Error if the word is taken or the record is
// incomplete.
void register_layer(const LayerRecord& record);
const LayerRecord* find_layer(std::string_view word);  // nullptr if unknown

// Thrown if the text of a network contains a word that denotes no layer.
class UnknownLayer : public Error {
 public:
  UnknownLayer(const std::string& message, std::string word) : Error(message), word_(std::move(word)) {}
  const std::string& word() const { return word_; }

 private:
  std::string word_;
};

// Parses the layers of a text, "dense 64 relu, dropout 0.2"; "" has none. Throws Error, which names the offending layer
// and what is allowed in its place; UnknownLayer if it names an unknown layer.
std::vector<LayerSpec> parse_layers(std::string_view text);
// The inverse of parse_layers().
std::string to_string(const LayerSpec& spec);
std::string to_string(std::span<const LayerSpec> specs);

// The shape of a row after each of `specs` in turn. Throws Error, with the layer's number, its text and the shape it
// was given, if a layer cannot take it.
std::vector<Shape> shapes_of(std::span<const LayerSpec> specs, const Shape& row);
// A layer that applies the layers of `specs` one after another. It throws Error when it describes itself if shapes do
// not fit.
Layer build_layers(std::span<const LayerSpec> specs);
// The same for a text: layer("layer-norm").
Layer layer(std::string_view text);

// Calls `visit` for each of `specs` and, after each, for the layers inside it.
template <class Visit>
void visit_layers(std::span<const LayerSpec> specs, const Visit& visit) {
  for (const LayerSpec& spec : specs) {
    visit(spec);
    visit_layers(std::span<const LayerSpec>(spec.inside), visit);
  }
}
// The first spec in the order of visit_layers whose record's `fact` is true: first_with(specs, &LayerRecord::random).
// nullptr if there is none.
const LayerSpec* first_with(std::span<const LayerSpec> specs, bool LayerRecord::*fact);

}  // namespace hillock::nn
