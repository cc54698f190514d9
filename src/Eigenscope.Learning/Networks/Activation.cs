namespace Eigenscope.Learning.Networks;

/// <summary>Elementwise non-linearity of a hidden layer.</summary>
public enum Activation
{
    /// <summary>max(z, 0); its derivative at 0 is taken as 0.</summary>
    Relu,

    /// <summary>tanh(z).</summary>
    Tanh,

    /// <summary>z Φ(z) with the exact normal distribution function, Φ(z) = (1 + erf(z/√2))/2 (Hendrycks and Gimpel, 1606.08415); not the tanh approximation.</summary>
    Gelu,

    /// <summary>z itself: a deep linear network.</summary>
    Linear,
}
