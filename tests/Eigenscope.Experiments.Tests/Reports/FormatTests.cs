using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Tests.Reports;

/// <summary>Numbers as people read them.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.163242571, "0.16324257")]
    [InlineData(-1.25696934e-6, "-1.2569693e-6")]
    [InlineData(4635520490725076.0, "4.6355205e+15")]
    [InlineData(12345678.0, "12345678")]
    public void Eight_digits_and_an_exponent_without_zeros_in_front(double value, string text) => Assert.Equal(text, Format.Exact(value));
}
