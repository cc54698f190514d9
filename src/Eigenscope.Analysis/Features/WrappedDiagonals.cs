namespace Eigenscope.Analysis.Features;

/// <summary>Along which lines, wrapped around its edges, a square matrix is constant.</summary>
public enum WrappedDiagonals
{
    /// <summary>j − i modulo q: a circulant matrix.</summary>
    Difference,

    /// <summary>i + j modulo q: a circulant matrix with its columns in reverse order (a wrapped Hankel matrix).</summary>
    Sum,
}
