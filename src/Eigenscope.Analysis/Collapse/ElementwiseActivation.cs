namespace Eigenscope.Analysis.Collapse;

/// <summary>An activation that acts on each entry alone, in place.</summary>
/// <param name="values">Pre-activations in, activations out; one sample's.</param>
public delegate void ElementwiseActivation(Span<double> values);
