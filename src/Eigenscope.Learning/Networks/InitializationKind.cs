namespace Eigenscope.Learning.Networks;

/// <summary>From which distribution weights start.</summary>
public enum InitializationKind
{
    /// <summary>Independent normals of variance Scale² / fan-in (LeCun et al., Efficient BackProp, 1998); √2 is the scale of He et al., 1502.01852.</summary>
    LeCunNormal,

    /// <summary>
    /// Independent and uniform on ± Scale √(6 / (fan-in + fan-out)), so that the scale is what is called the gain (Glorot and Bengio, 2010). Fan-out is the number of outputs that an input reaches: outputs of a dense
    /// layer, output channels times positions of the kernel of a convolution; of a table of free features its rows.
    /// The last layer is left out of it, gain included, as in the published recipe (arXiv 2402.13728): it is uniform on ± 1/√fan-in, as PyTorch draws a linear layer.
    /// </summary>
    XavierUniform,
}
