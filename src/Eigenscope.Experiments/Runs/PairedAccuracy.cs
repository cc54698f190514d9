namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Two classifiers on the same samples. Of n samples b are right before and wrong after, c the other way: the accuracy falls by (b − c)/n, and as only the b + c samples that changed say anything, with the standard error
/// (b + c − (b − c)²/n)^{1/2}/n of a difference of paired shares (McNemar, Psychometrika 1947).
/// </summary>
/// <param name="Samples">n.</param>
/// <param name="Before">Share right before.</param>
/// <param name="After">Share right after.</param>
/// <param name="Lost">b.</param>
/// <param name="Gained">c.</param>
internal sealed record PairedAccuracy(int Samples, double Before, double After, int Lost, int Gained)
{
    private const double StandardErrors = 2.0;

    /// <summary>By how much accuracy falls, negative where it rises.</summary>
    public double Drop => (Lost - Gained) / (double)Samples;

    /// <summary>The paired standard error of <see cref="Drop"/>; 0 where no sample changed.</summary>
    public double StandardError
    {
        get
        {
            double net = Lost - Gained;
            return Math.Sqrt(Lost + Gained - (net * net / Samples)) / Samples;
        }
    }

    /// <summary>
    /// The most that accuracy falls by, as far as the samples tell: the upper end of the adjusted interval of Bonett and Price (Journal of Educational and Behavioral Statistics 2012), which counts one more sample lost and one more gained
    /// among n + 2, two standard errors above its middle. Above 0 even where no sample changed, 2√2/(n + 2): few samples promise little.
    /// </summary>
    public double LargestDrop
    {
        get
        {
            double samples = Samples + 2.0, drop = (Lost - Gained) / samples, changed = (Lost + Gained + 2.0) / samples;
            return drop + (StandardErrors * Math.Sqrt((changed - (drop * drop)) / samples));
        }
    }

    /// <summary>Compares predictions.</summary>
    public static PairedAccuracy Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        int rightBefore = 0, rightAfter = 0, lost = 0, gained = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            bool was = before[i] == labels[i], now = after[i] == labels[i];
            rightBefore += was ? 1 : 0;
            rightAfter += now ? 1 : 0;
            lost += was && !now ? 1 : 0;
            gained += now && !was ? 1 : 0;
        }
        return new PairedAccuracy(labels.Length, rightBefore / (double)labels.Length, rightAfter / (double)labels.Length, lost, gained);
    }
}
