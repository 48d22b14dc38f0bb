using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Unit.Standards;

/// <summary>What a cell of the city's table means.</summary>
public sealed class StandardLimitTests
{
    [Theory]
    [InlineData("2紧急工作时", ClockKind.Continuous, 2)]
    [InlineData("2紧急工作日", ClockKind.Continuous, 48)]
    [InlineData("4小时", ClockKind.WorkingTime, 4)]
    [InlineData("15天", ClockKind.WorkingTime, 105)] // a working day has seven hours
    [InlineData("365天", ClockKind.WorkingTime, 2555)]
    public void The_urgent_units_run_day_and_night_and_the_others_in_working_time(string cell, ClockKind kind, int hours)
    {
        var limit = StandardLimit.Read(cell, out var word);
        Assert.Equal((new Span(kind, TimeSpan.FromHours(hours)), string.Empty), (limit!.Value.On(WorkHours.Default), word));
        Assert.Equal(cell, limit.ToString());
    }

    [Fact]
    public void A_working_day_is_as_long_as_the_streets_hours_say() =>
        Assert.Equal(TimeSpan.FromHours(16), StandardLimit.Read("2天", out _)!.Value.On(new WorkHours([new(480, 1200)], [new(480, 960)])).Length);

    [Fact]
    public void A_word_after_the_unit_is_handed_back_and_changes_nothing() =>
        Assert.Equal((new StandardLimit(1, StandardUnit.UrgentHour), "制止"), (StandardLimit.Read("1紧急工作时制止", out var word), word));

    [Theory]
    [InlineData("")]
    [InlineData("天")]
    [InlineData("0天")]
    [InlineData("-1天")]
    [InlineData("366天")]
    [InlineData("8761小时")]
    [InlineData("99999999999天")]
    [InlineData("1.5天")]
    [InlineData("两天")]
    [InlineData("２天")]
    [InlineData("3周")]
    [InlineData("2工作日")]
    [InlineData("1天2小时")]
    [InlineData("1天半")]
    [InlineData("3天/5天")]
    [InlineData("3天（一般）")]
    [InlineData("3天以内由责任单位限期处理完毕")]
    public void What_is_not_understood_is_no_limit(string cell) => Assert.Null(StandardLimit.Read(cell, out _));
}
