namespace Eigenscope.Learning.Networks;

/// <summary>The sum of two earlier results of the same size: where a residual branch joins its shortcut.</summary>
public sealed class SumLayer : JoinLayer
{
    internal SumLayer(string name, int size)
        : base(name, size)
    {
    }

    internal override bool ValueInPlace => true;

    internal override bool TangentInPlace => true;

    internal override bool CotangentInPlace => true;
}
