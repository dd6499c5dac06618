// What a layer is: a record of what its word means in the text of a network, what it describes, the shapes of its rows,
// and how it is shown; plus the facts that others need about it.
//
// Ours and a user's are the same kind of record (docs/adding-a-layer.md). Nobody outside a layer's folder asks which
// layer it is; who needs a fact finds it in a field here. Records are immutable and have static lifetime.
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

// One layer of a network's text as data: "dense 64 relu", "residual(dense 32 relu, dense 32 identity)".
struct LayerSpec {
  const LayerRecord* record = nullptr;
  LayerAttributes attributes{};     // {"units": 64, "activation": relu}
  std::vector<LayerSpec> inside{};  // the layers that it holds, in order

  bool operator==(const LayerSpec&) const = default;
};

// The attribute "activation"; the identity where there is none.
Activation activation_of(const LayerAttributes& attributes);

// What a network's text says between two commas, for LayerRecord::parse.
struct LayerText {
  std::span<const std::string_view> words;  // at least one: "dense", "64", "relu"
  std::string where;                        // how an error begins: --net: part 1, "dense 64 relu"

  // Throws Error: `where`, why, and what may be written instead.
  [[noreturn]] void fail(const std::string& why) const;
  // Throws Error if there are more than `most` words.
  void require_at_most(std::size_t most) const;
  // Word `index` as a number; nothing if it is none.
  std::optional<std::int64_t> integer(std::size_t index) const;
  std::optional<double> real(std::size_t index) const;
  // Word `index` as the name of an activation. Throws Error, with the nearest name, if it is none.
  Activation activation(std::size_t index) const;
};

// A layer of a trace, for the texts about it.
struct LayerView {
  std::string name;                   // "dense1"
  const LayerAttributes* attributes;  // TapPoint::attributes
  std::vector<std::string> given;  // the name of the layer that computed each of its inputs; "": the network's inputs
  std::string_view in, out;        // letters of what it is given and what it gives: "x" or "a", "a" or "p"
};
// One element of an element-wise layer: what came in and went out, ∂E/∂out.
struct ElementView {
  double in = 0, out = 0, gradient = 0;
};
// A figure as traces print it: six digits, no sign before 0.
std::string trace_figure(double value);

// A kind of parameter of a layer, in formulas.
struct ParameterView {
  std::string_view name;      // "weight" of "dense1.weight"
  std::string_view letter;    // "w_jk"
  std::string_view gradient;  // what ∂E/∂w_jk is, with {} for the letter of what comes in: "{}_j δ_k"
};

// How a trace shows a layer. Without any of it there are its name, its word, what comes in and what goes out.
struct LayerTrace {
  // The formula of what it computes: "z_k = Σ_j x_j w_jk + b_k,  a = tanh(z)".
  std::string (*forward)(const LayerView& layer) = nullptr;
  // What ∂E/∂a_j of the layer before has from this one: "Σ_k δ_k w_jk over the units k of dense2". `given` is which of
  // its inputs that layer computed.
  std::string (*backward)(const LayerView& layer, std::size_t given) = nullptr;
  // The same with numbers, where it is computed from one element: "0.25 / 0.8".
  std::string (*backward_numbers)(const LayerView& layer, std::size_t given, const ElementView& element) = nullptr;
  std::vector<ParameterView> parameters{};
  bool in_beside_out = true;  // element k of what goes out is made of element k of what comes in (and perhaps others)
};

struct LayerRecord {
  // What it is written as in the text of a network, and called in the names of its parameters ("layer-norm1.gain") and
  // in a trace: small letters, digits and hyphens, a letter first. Unique.
  std::string_view word;
  // For `hillock help layers`: how it is written, "dense N [ACTIVATION]", and in a line or more what it does.
  std::string_view form{};
  std::string_view summary{};
  // A text of it that fits rows of four numbers and keeps their shape: "dense 4 tanh". The proofs of layers are about
  // it (src/nn/layers/proof_test.cc).
  std::string_view example{};

  // --- its text ---
  // Whether `words` mean this layer: "64" and "dense 64" do, "tanh" does. nullptr: those that begin with its word.
  bool (*recognizes)(std::span<const std::string_view> words) = nullptr;
  // What they say. Throws Error by LayerText::fail. nullptr: it has no options.
  LayerAttributes (*parse)(const LayerText& text) = nullptr;
  // The words that parse() reads back to the same attributes. nullptr: its word alone.
  std::string (*print)(const LayerSpec& spec) = nullptr;
  // Whether layers stand in parentheses behind its words; then there is at least one.
  bool holds_layers = false;
  // Whether it may stand in the text of a network at all.
  bool has_text = true;
  // What lists call it where that is not its word: "an activation".
  std::string_view listed_as{};

  // --- what it describes ---
  // What becomes of the shape of a row. Throws Error, with what came, if the layer cannot take such rows. nullptr: it
  // stays as it is.
  Shape (*shape)(const LayerSpec& spec, const Shape& row) = nullptr;
  // The layer that `spec` stands for; build_layer() for those that it holds.
  Layer (*build)(const LayerSpec& spec) = nullptr;

  // --- facts ---
  // While training it computes with random numbers, so that the loss of the same parameters is another at each step.
  bool random = false;
  // A network with it is more than a linear one, or may be: it has a hidden layer.
  bool hidden = true;
  // The attribute "activation" is applied to what it computes, and --activation sets it.
  bool takes_activation = false;
  // It is an activation and nothing else; behind a layer that has none it belongs to that in a trace.
  bool is_activation = false;
  // It looks at the axes of images, [channels, height, width]; networks without such a layer take them as one axis.
  bool sees_images = false;

  LayerTrace trace{};
};

// Every layer of the library, in table-of-contents order (src/nn/layers/all.h), followed by those of register_layer.
std::vector<const LayerRecord*> registered_layers();
// Makes a user's layer known: to NetworkSpec::parse and so to --net of a program that links it, to files, to a trace.
// `record` must live for ever. Thread-safe. Throws Error if the word is taken or the record is incomplete.
void register_layer(const LayerRecord& record);
const LayerRecord* find_layer(std::string_view word);  // nullptr if unknown

// Thrown where a network's text has a word that no record has.
class UnknownLayer : public Error {
 public:
  UnknownLayer(const std::string& message, std::string word) : Error(message), word_(std::move(word)) {}
  const std::string& word() const { return word_; }

 private:
  std::string word_;
};

// The layers of a text, "dense 64 relu, dropout 0.2"; "" is none. Throws Error that names the part that is wrong and
// what is allowed there; UnknownLayer if it names a layer that is not known.
std::vector<LayerSpec> parse_layers(std::string_view text);
// parse_layers() reads it back.
std::string to_string(const LayerSpec& spec);
std::string to_string(std::span<const LayerSpec> specs);

// What becomes of the shape of a row behind each of `specs` in turn. Throws Error, with the layer's number and text and
// what came, if one of them cannot take it.
std::vector<Shape> shapes_of(std::span<const LayerSpec> specs, const Shape& row);
// The layer that `specs` stand for, one after another. While it describes itself it throws Error if shapes do not fit.
Layer build_layers(std::span<const LayerSpec> specs);
// The same from a text: layer("layer-norm").
Layer layer(std::string_view text);

// Calls `visit` with each of `specs` and each that they hold, outer ones first.
template <class Visit>
void visit_layers(std::span<const LayerSpec> specs, const Visit& visit) {
  for (const LayerSpec& spec : specs) {
    visit(spec);
    visit_layers(std::span<const LayerSpec>(spec.inside), visit);
  }
}
// The first of them, outer ones first, whose record's `fact` is true: first_with(specs, &LayerRecord::random). nullptr:
// there is none.
const LayerSpec* first_with(std::span<const LayerSpec> specs, bool LayerRecord::*fact);

}  // namespace hillock::nn
