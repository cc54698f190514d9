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
