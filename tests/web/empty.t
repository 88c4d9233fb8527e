# Without units the first page says how to begin; the demo's doors are closed.
database empty
GET /
? 200
+ Cơ sở dữ liệu chưa có đơn vị nào
+ chithi unit import
+ chithi record import
- MÔ PHỎNG</strong>
GET /.json
? 200
+ "unshipped_since": null,
+ "has_units": false,
+ "unit": null,
GET /dv/vn
? 404
POST /mo_phong/kiem_tra token=1
? 404
+ Chỉ dữ liệu mô phỏng
GET /cs/kt_tcd?dv=vn
? 404
GET /bao_cao/ktgs?dv=vn
? 404
