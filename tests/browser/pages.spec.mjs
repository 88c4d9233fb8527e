// Every page that there is, in both widths: accessible, valid, narrow enough and light enough.
import { checkBudget, checkPage } from "./check.mjs";
import { DESK, PHONE, holds, same, test } from "./harness.mjs";

const PAGES = [
  ["/", "page"], ["/dv/vn", "page"], ["/dv/bt.tp", "page"], ["/dv/bt.tp.p1", "page"], ["/dv/bt.tp.db01/thanh_vien", "list"],
  ["/cs/kt_tcd?dv=bt.tp", "page"], ["/cs/kt_dv?dv=bt.tp", "page"], ["/cs/kt_cuoc?dv=vn", "page"], ["/cs/kl_tcd?dv=kg", "page"],
  ["/so/ktgs?dv=bt.tp", "list"], ["/so/ky_luat?dv=kg", "list"], ["/chi_thi/chi_thi_05", "page"], ["/lich", "page"],
  ["/tim", "page"], ["/tim?q=kiem%20tra&dv=bt", "list"], ["/tim?q=khongtimthaygi", "page"],
  ["/bao_cao/ktgs?dv=bt.tp", "page"], ["/he_thong/mau", "list"],
];
const FAULTS = [["/khong_co", 404], ["/cs/kt_tcd?dv=bt.tp&tu=31/02/2019", 400], ["/hs/khong_co", 404]];

for (const [address, kind] of PAGES) {
  test(`page ${address} is accessible, valid and reflows`, { script: [true] }, async ({ page, open }) => {
    await open(address);
    same(page.answer.status(), 200, "status");
    await checkPage(page);
  });
  test(`page ${address} keeps within its bytes and requests`, { script: [true], sizes: [PHONE] }, async ({ browser, site }) => {
    await checkBudget(browser, site.origin + address, kind);
  });
}

for (const [address, status] of FAULTS) {
  test(`page of a fault ${address} is accessible and valid`, { script: [true], mayComplain: true }, async ({ page, open }) => {
    await open(address);
    same(page.answer.status(), status, "status");
    await checkPage(page);
  });
}

test("page of a record is accessible in each state, and moved without a script", { sizes: [PHONE, DESK] }, async ({ page, open, hasScript }) => {
  await open("/");
  await page.getByRole("button", { name: "Thêm cuộc kiểm tra mẫu" }).click();
  for (const name of ["Kết luận", "Lưu hồ sơ", "Hoàn tác"]) {
    if (hasScript) await checkPage(page);
    await page.getByRole("button", { name }).first().click();
  }
  await page.getByText("Hồ sơ đã hủy").waitFor();
});

test("page of a figure opens its records in two clicks", {}, async ({ page, open }) => {
  await open("/");
  await page.locator(".story a.figure").first().click();
  await page.locator("#ho-so + section a.code, #ho-so ~ section a.code").first().click();
  holds(page.url().includes("/hs/"), `a record was not reached: ${page.url()}`);
});
