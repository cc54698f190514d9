using Eigenscope.Experiments.Claims.Papers;

namespace Eigenscope.Experiments.Claims;

/// <summary>All claims, paper by paper.</summary>
public static class Catalogue
{
    /// <summary>The claims, in the order in which they are shown.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        .. SpectraClaims.All,
        .. AgopClaims.All,
        .. GrokkingClaims.All,
        .. WeightDecayClaims.All, .. PersistenceClaims.All, .. LowRankClaims.All, .. SoftmaxCodeClaims.All,
    ];
}
