namespace Eigenscope.Learning.Networks;

/// <summary>Precision in which a network computes. Parameters, operators and solvers speak double at their border whatever it is.</summary>
public enum Precision
{
    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE double precision.</summary>
    Float64,
}
