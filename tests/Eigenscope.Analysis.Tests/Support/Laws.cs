using FsCheck;
using FsCheck.Fluent;

namespace Eigenscope.Analysis.Tests.Support;

/// <summary>Runs a law over random seeds.</summary>
internal static class Laws
{
    private const int Cases = 40;

    /// <summary>Checks that <paramref name="law"/> holds (does not throw) for random seeds in 1 … 10⁶.</summary>
    public static void Hold(Action<ulong> law)
    {
        Property property = Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed => law((ulong)seed));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), property);
    }
}
