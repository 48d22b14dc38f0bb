using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Street;

public sealed class StreetJsonTests
{
    private static readonly StreetMap Demo = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map;

    [Fact]
    public void A_map_comes_back_from_its_document_unchanged()
    {
        var back = StreetJson.Read(StreetJson.Write(Demo));
        Assert.Equal((Demo.Name, Demo.NameEn), (back.Name, back.NameEn));
        Assert.Equal(Demo.Communities, back.Communities);
        Assert.Equal(Demo.Stations, back.Stations);
        Assert.Equal(Demo.Grids.Select(g => (g.Code, g.Name, g.NameEn, g.Community)), back.Grids.Select(g => (g.Code, g.Name, g.NameEn, g.Community)));
        Assert.Equal(Demo.Grids.SelectMany(g => g.Outline), back.Grids.SelectMany(g => g.Outline));
        Assert.Equal(Demo.Teams.Select(t => (t.Code, t.Name, t.NameEn, t.Community)), back.Teams.Select(t => (t.Code, t.Name, t.NameEn, t.Community)));
        Assert.Equal(Demo.Teams.SelectMany(t => t.Grids), back.Teams.SelectMany(t => t.Grids));
    }

    [Fact]
    public void The_same_map_always_gives_the_same_text_with_chinese_readable()
    {
        var text = StreetJson.Write(Demo);
        Assert.StartsWith("""{"format":1,"name":"演示街道",""", text);
        Assert.Equal(text, StreetJson.Write(StreetJson.Read(text)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":2,"name":"甲","nameEn":"A","communities":[],"grids":[],"stations":[],"teams":[]}""")]
    [InlineData("""{"format":1,"name":null,"nameEn":"A","communities":[],"grids":[],"stations":[],"teams":[]}""")]
    [InlineData("""
        {"format":1,"name":"甲","nameEn":"A","communities":[],"stations":[],"teams":[],
         "grids":[{"code":"1","name":"","nameEn":"","community":"1","outline":[[1]]}]}
        """)]
    public void A_text_that_is_no_such_document_is_not_read(string json) =>
        Assert.ThrowsAny<JsonException>(() => StreetJson.Read(json));

    [Fact]
    public void The_public_view_has_everything_in_order_with_the_categories_given()
    {
        CategoryView[] categories = [new("06", "电梯困人/故障", "Lift", "S1")];
        var view = StreetJson.View(Demo, categories);
        Assert.Equal((17, 130, 12, 36), (view.Communities.Count, view.Grids.Count, view.Stations.Count, view.Teams.Count));
        Assert.Same(categories, view.Categories);
        var (grid, drawn) = (Demo.Grids[6], view.Grids[6]);
        Assert.Equal((grid.Code.Value, grid.Name, grid.NameEn, grid.Community.Value), (drawn.Code, drawn.Name, drawn.NameEn, drawn.Community));
        Assert.Equal(grid.Outline.Select(p => (p.Lat, p.Lon)), drawn.Outline.Select(p => (p[0], p[1])));
        Assert.Equal(["001", "002", "003"], view.Teams[0].Grids);
    }
}
