using Eigenscope.Analysis.Tests.Support;

namespace Eigenscope.Analysis.Tests;

public sealed class NumberTests
{
    [Fact]
    public void A_finite_value_has_no_reason()
    {
        Number number = Number.Of(-0.25);
        Assert.True(number.IsDefined);
        Assert.Equal(-0.25, number.Value);
        Assert.Null(number.Reason);
        Assert.Equal("-0.25", number.ToString());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_undefined_with_a_reason(double value) =>
        Near.Undefined("the result overflows float64", Number.Of(value));

    [Fact]
    public void An_undefined_number_says_why()
    {
        Number number = Number.Undefined("the class means coincide");
        Assert.False(number.IsDefined);
        Near.Undefined("the class means coincide", number);
        Assert.Equal("undefined (the class means coincide)", number.ToString());
    }

    [Fact]
    public void A_number_nobody_set_is_not_zero() => Near.Undefined("not measured", default);

    [Fact]
    public void A_reason_is_required() => Assert.Throws<ArgumentException>(() => Number.Undefined(" "));
}
