namespace Eigenscope.Learning.Features;

/// <summary>What is subtracted from the rows before their outer products are averaged.</summary>
public enum Centring
{
    /// <summary>Nothing: the second moment.</summary>
    None,

    /// <summary>The plain mean of all N samples: the covariance with normalisation 1/N. Not the mean of the class means, which differs when classes are unbalanced.</summary>
    SampleMean,
}
