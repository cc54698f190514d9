using Eigenscope.Learning.Networks;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The parameter blocks that a scope holds.</summary>
internal static class ScopeBlocks
{
    public static IReadOnlyList<ParameterBlock> Of(Network network, string scope) =>
        string.Equals(scope, "all", StringComparison.Ordinal) ? network.Blocks : [.. network.Blocks.Where(block => string.Equals(block.Name, scope, StringComparison.Ordinal))];
}
