using Eigenscope.Analysis.Features;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The Gram pictures of a network's features, from the input to the logits.</summary>
internal static class GramSection
{
    private const int MostNamedClasses = 12;
    private const int MostWrittenOut = 8;

    /// <summary>Builds the section.</summary>
    /// <param name="pictures">A title and a picture for each set of features, all of the same samples.</param>
    /// <param name="classNames">Names of all K classes.</param>
    public static PageSection Build(IReadOnlyList<(string Title, GramPicture Picture)> pictures, IReadOnlyList<string> classNames)
    {
        GramPicture first = pictures[0].Picture;
        string where = first.Classes.Count < classNames.Count ? $"; {Format.Text(first.Classes.Count)} of the {Format.Text(classNames.Count)} classes are shown" : "";
        return new PageSection
        {
            Title = "Features, sorted by class",
            Anchor = "gram",
            Sentence = "Cosines between single samples about the mean of all classes. Collapse turns them into blocks: 1 within a class, −1/(K − 1) between classes.",
            Figures =
            [
                new HeatFigure
                {
                    Id = "gram-pictures",
                    Title = "Gram matrices of the features",
                    Sentence = $"Cosines of {Format.Text(first.Samples.Count)} samples sorted by class{where}: within a class they are {Mean(pictures[0].Picture, within: true)} on average at the first picture and {Mean(pictures[^1].Picture, within: true)} at the last, between classes {Mean(pictures[0].Picture, within: false)} and {Mean(pictures[^1].Picture, within: false)}.",
                    Formula = Formulas.Gram,
                    Note = Note(pictures),
                    IsWide = true,
                    Low = -1.0,
                    High = 1.0,
                    Scale = "cosine",
                    IsDiverging = true,
                    Panels = [.. pictures.Select(picture => Panel(pictures.Count > MostWrittenOut ? picture.Title.Replace("into layer ", "into ", StringComparison.Ordinal) : picture.Title, picture.Picture, classNames))],
                },
            ],
        };
    }

    private static HeatPanel Panel(string title, GramPicture picture, IReadOnlyList<string> classNames)
    {
        bool named = picture.Classes.Count <= MostNamedClasses;
        List<HeatGroup> groups = [];
        int first = 0;
        for (int c = 0; c < picture.Classes.Count; c++)
        {
            groups.Add(new HeatGroup(named ? classNames[picture.Classes[c]] : "", first, picture.Counts[c]));
            first += picture.Counts[c];
        }
        return new HeatPanel
        {
            Title = title,
            Rows = picture.Cosines.Rows,
            Columns = picture.Cosines.Columns,
            Cells = HeatCells.Encode(picture.Cosines.Span, -1.0, 1.0),
            Groups = groups,
        };
    }

    // Pairs of two different samples.
    private static string Mean(GramPicture picture, bool within)
    {
        int[] label = [.. picture.Counts.SelectMany(static (count, c) => Enumerable.Repeat(c, count))];
        double sum = 0.0;
        long pairs = 0;
        for (int i = 0; i < label.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (label[i] == label[j] != within)
                    continue;
                sum += picture.Cosines[i, j];
                pairs++;
            }
        }
        return pairs == 0 ? Format.Undefined : Format.Text(sum / pairs);
    }

    private static string? Note(IReadOnlyList<(string Title, GramPicture Picture)> pictures)
    {
        IEnumerable<string> notes = pictures.Where(static picture => picture.Picture.WithoutDirection.Count > 0)
            .Select(static picture => $"{picture.Title}: {Axes.Count(picture.Picture.WithoutDirection.Count, "sample")} at the mean itself, without a direction, drawn as 0.");
        string joined = string.Join(' ', notes);
        return joined.Length == 0 ? null : joined;
    }
}
