namespace Eigenscope.Learning.Data;

/// <summary>What two residues modulo p are put together by.</summary>
public enum ModularOperation
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b.</summary>
    Multiply,

    /// <summary>a · b⁻¹, b ≠ 0.</summary>
    Divide,
}
