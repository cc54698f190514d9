namespace Eigenscope.Learning.Networks;

/// <summary>How layers that behave differently while training are applied.</summary>
public enum NetworkMode
{
    /// <summary>The network as a fixed function of each sample alone: batch normalisation uses its stored statistics, dropout is the identity. Every measurement uses this.</summary>
    Measuring,

    /// <summary>As in a training step: batch normalisation uses the statistics of the batch, dropout draws a mask. The output of a sample then depends on the rest of its batch and on the draw.</summary>
    Training,
}
