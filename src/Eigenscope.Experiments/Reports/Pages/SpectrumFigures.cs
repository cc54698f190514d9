namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Figures of spectra.</summary>
internal static class SpectrumFigures
{
    private const string RankLabel = "rank j";

    /// <summary>The spectrum of a curvature operator with what is predicted of it and its verdict.</summary>
    public static SpectrumFigure Of(SpectrumReport spectrum, string id, string title, string formula, int classes)
    {
        MeasuredMarks marks = spectrum.Origins is { } origins ? MeasuredMarks.Of(spectrum.Eigenvalues, origins.Origins) : MeasuredMarks.Of("measured", spectrum.Eigenvalues);
        int last = marks.LastRank;
        IReadOnlyList<PredictedLevel> levels = spectrum.Predicted is { } predicted ? PredictedLevels.Of(predicted.Groups, last) : [];
        bool isDoubtful = SpectrumFindings.IsOpen(spectrum.Status);
        return new SpectrumFigure
        {
            Id = id,
            Title = title,
            Sentence = Sentence(spectrum, classes),
            Formula = formula,
            Note = Join(marks.Note, spectrum.Predicted is { } theory ? PredictedLevels.Note(theory.Groups, last) : null, Smallest(spectrum)),
            X = Axes.Ranks(RankLabel, last),
            Y = Axes.Logarithmic("eigenvalue", marks.Magnitudes.Concat(levels.Select(static level => level.Value))),
            Measured = marks.Series,
            Predicted = levels,
            PredictedFrom = spectrum.Predicted is { } source ? Source(source) : null,
            Marks = Outliers(classes, last),
            Verdict = spectrum.Residuals.Count == 0 ? spectrum.Status : $"{spectrum.Status}, largest residual {Format.Text(spectrum.Residuals.Max())}",
            IsDoubtful = isDoubtful,
        };
    }

    /// <summary>Lists that were computed directly, each a series, with what is predicted of them.</summary>
    public static SpectrumFigure OfLists(PageFigureText text, string valueLabel, IReadOnlyList<SpectrumList> lists, IReadOnlyList<MarkedRank> marked, string? predictedFrom = null)
    {
        MeasuredMarks[] marks = [.. lists.Select(static list => MeasuredMarks.Of(list.Name, list.Values))];
        int last = marks.Max(static mark => mark.LastRank);
        PredictedLevel[] levels = [.. lists.SelectMany(list => PredictedLevels.Of(list.Predicted ?? [], last))];
        return new SpectrumFigure
        {
            Id = text.Id,
            Title = text.Title,
            Sentence = text.Sentence,
            Formula = text.Formula,
            Note = Join([.. marks.Select(static mark => mark.Note)]),
            X = Axes.Ranks(RankLabel, last),
            Y = Axes.Logarithmic(valueLabel, marks.SelectMany(static mark => mark.Magnitudes).Concat(levels.Select(static level => level.Value))),
            Measured = [.. marks.SelectMany((mark, i) => mark.Series.Select(series => series with { Category = lists[i].Category }))],
            Predicted = levels,
            PredictedFrom = levels.Length > 0 ? predictedFrom : null,
            Marks = [.. marked.Where(mark => mark.Rank < last)],
        };
    }

    /// <summary>K and K², as far as a list goes.</summary>
    public static IReadOnlyList<MarkedRank> Outliers(int classes, int last) =>
        [.. new[] { new MarkedRank(classes, "K"), new MarkedRank(classes * classes, "K²") }.Where(mark => mark.Rank <= last)];

    private static string Source(PredictionReport prediction) => prediction.Source switch
    {
        PredictionReport.ClosedForm => "closed form",
        "class-means" => "class means",
        _ => prediction.Source,
    };

    private static string Sentence(SpectrumReport spectrum, int classes)
    {
        IReadOnlyList<double> values = spectrum.Eigenvalues;
        if (values.Count == 0)
            return $"No eigenvalue was computed: {spectrum.Message}";
        int[] ranks = [.. new[] { 1, classes, classes * classes, (classes * classes) + 1 }.Where(rank => rank <= values.Count).Distinct()];
        string levels = string.Join(", ", ranks.Select(rank => $"θ{Subscript(rank)} = {SubsetErrors.At(spectrum, rank)}"));
        string of = spectrum.Complete ? $"all {Format.Text(spectrum.Dimension)} eigenvalues" : $"the {Format.Text(values.Count)} largest of {Format.Text(spectrum.Dimension)} eigenvalues";
        string lives = spectrum.Origins is { Outliers.Total: > 0 } origins ? $"; {OriginSummary.Sentence(origins, classes)}" : "";
        return $"{char.ToUpperInvariant(of[0])}{of[1..]}: {levels}{lives}{(spectrum.Predicted is { } predicted ? $"; {Against(predicted)}" : "")}.";
    }

    private static string Against(PredictionReport predicted)
    {
        string error = predicted.MaxRelativeError.Value is { } value ? $"the prediction ({Source(predicted)}) is off by at most {Format.Text(value)} of the largest" : $"the prediction ({Source(predicted)}) cannot be compared ({predicted.MaxRelativeError.Reason})";
        return predicted.SubspaceOverlap.Value is { } overlap ? $"{error}, and its eigenspace overlaps the measured one by {Format.Text(overlap)}" : error;
    }

    private static string? Smallest(SpectrumReport spectrum) =>
        spectrum.Complete || spectrum.Smallest.Count == 0 ? null : $"The smallest eigenvalue is {Format.Text(spectrum.Smallest[0])}.";

    private static string? Join(params IReadOnlyList<string?> notes)
    {
        string joined = string.Join(' ', notes.Where(static note => note is not null));
        return joined.Length == 0 ? null : joined;
    }

    private static string Subscript(int number) => string.Concat(Format.Text(number).Select(static digit => (char)('₀' + (digit - '0'))));
}
